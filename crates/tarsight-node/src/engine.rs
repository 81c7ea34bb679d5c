//! Engines, and what they make.

use std::sync::Arc;

use napi::bindgen_prelude::{AsyncTask, Either};
use napi::{Env, Result, Task};
use napi_derive::napi;
use tarsight::{Engine, ScanOptions};
use tarsight_host::{Error, Side, Source};

use crate::given::{self, Given, GivenCall, GivenLimit, GivenSide, NativeCancel};
use crate::report::{NativeDiff, NativeReport};
use crate::{Failure, guarded, told};

/// Reads packages.
#[napi]
pub struct NativeEngine {
    engine: Engine,
}

/// Makes an engine; no jobs are one for each core.
#[napi]
pub fn create_engine(limits: Vec<GivenLimit>, jobs: u16) -> Either<NativeEngine, Failure> {
    told(guarded(|| {
        let builder = Engine::builder().limits(given::limits(&limits)?);
        let engine = builder.jobs(usize::from(jobs)).build()?;
        Ok(NativeEngine { engine })
    }))
}

#[napi]
impl NativeEngine {
    /// Reads a package while JavaScript waits.
    #[napi]
    pub fn scan_sync(
        &self,
        source: Given<'_>,
        label: Option<String>,
        call: GivenCall,
    ) -> Either<NativeReport, Failure> {
        told(guarded(|| {
            let options = given::options(label, &call)?;
            let source = given::borrowed(source);
            Ok(tarsight_host::scan(&self.engine, &source, &options)?.into())
        }))
    }

    /// Reads a package on another thread.
    #[napi]
    pub fn scan(
        &self,
        source: Given<'_>,
        label: Option<String>,
        call: GivenCall,
        cancel: &NativeCancel,
    ) -> Either<AsyncTask<Call<Scan>>, Failure> {
        let work = Scan(given::owned(source));
        told(self.call(work, label, &call, cancel))
    }

    /// Compares two packages or reports while JavaScript waits.
    #[napi]
    pub fn diff_sync(
        &self,
        old: GivenSide<'_>,
        new: GivenSide<'_>,
        call: GivenCall,
    ) -> Either<NativeDiff, Failure> {
        told(guarded(|| {
            let options = given::options(None, &call)?;
            let (old, new) = (given::borrowed_side(old), given::borrowed_side(new));
            Ok(tarsight_host::diff(&self.engine, &old, &new, &options)?.into())
        }))
    }

    /// Compares two packages or reports on another thread.
    #[napi]
    pub fn diff(
        &self,
        old: GivenSide<'_>,
        new: GivenSide<'_>,
        call: GivenCall,
        cancel: &NativeCancel,
    ) -> Either<AsyncTask<Call<Compare>>, Failure> {
        let work = Compare(given::owned_side(old), given::owned_side(new));
        told(self.call(work, None, &call, cancel))
    }
}

impl NativeEngine {
    fn call<W: Work>(
        &self,
        work: W,
        label: Option<String>,
        call: &GivenCall,
        cancel: &NativeCancel,
    ) -> std::result::Result<AsyncTask<Call<W>>, Error> {
        let mut options = given::options(label, call)?;
        options.cancel = Some(Arc::clone(&cancel.0));
        let engine = self.engine.clone();
        Ok(AsyncTask::new(Call {
            engine,
            options,
            work,
        }))
    }
}

/// What is done on another thread.
pub trait Work: Send + 'static {
    /// What it gives.
    type Told: Send + napi::bindgen_prelude::ToNapiValue + napi::bindgen_prelude::TypeName + 'static;

    /// Does it.
    fn run(&self, engine: &Engine, options: &ScanOptions)
    -> std::result::Result<Self::Told, Error>;
}

/// Reading a package.
pub struct Scan(Source);

impl Work for Scan {
    type Told = NativeReport;

    fn run(
        &self,
        engine: &Engine,
        options: &ScanOptions,
    ) -> std::result::Result<NativeReport, Error> {
        Ok(tarsight_host::scan(engine, &self.0, options)?.into())
    }
}

/// Comparing two.
pub struct Compare(Side, Side);

impl Work for Compare {
    type Told = NativeDiff;

    fn run(
        &self,
        engine: &Engine,
        options: &ScanOptions,
    ) -> std::result::Result<NativeDiff, Error> {
        Ok(tarsight_host::diff(engine, &self.0, &self.1, options)?.into())
    }
}

/// A call of an engine on another thread.
pub struct Call<W> {
    engine: Engine,
    options: ScanOptions,
    work: W,
}

impl<W: Work> Task for Call<W> {
    type Output = std::result::Result<W::Told, Error>;
    type JsValue = Either<W::Told, Failure>;

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(guarded(|| self.work.run(&self.engine, &self.options)))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(told(output))
    }
}
