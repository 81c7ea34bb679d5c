//! Functions of Node's modules that only compute: `zlib`, `crypto`, `util`.

use std::io::Read as _;

use super::global::data;
use super::{Call, Native, row};
use crate::value::encode;
use crate::value::run::crypto::{Cipher, Digest, pbkdf2, scrypt};
use crate::value::run::object::{Kind, Prop, Val};
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};
use crate::value::terms::{Term, ValueId};

/// Rows by `module.function`.
const ROWS: &[Native] = &[
    row("zlib.inflateSync", 1, inflate),
    row("zlib.inflateRawSync", 1, inflate),
    row("zlib.gunzipSync", 1, inflate),
    row("zlib.unzipSync", 1, inflate),
    row("zlib.brotliDecompressSync", 1, inflate),
    row("crypto.createDecipheriv", 3, cipher),
    row("crypto.createCipheriv", 3, cipher),
    row("crypto.createHash", 1, digest),
    row("crypto.createHmac", 2, digest),
    row("crypto.pbkdf2Sync", 5, derive),
    row("crypto.scryptSync", 3, derive),
    row("querystring.unescape", 1, unescape),
];

/// Methods of what they make.
const METHODS: &[Native] = &[
    row("Cipher.prototype.update", 3, update),
    row("Cipher.prototype.final", 1, finish),
    row("Cipher.prototype.setAutoPadding", 1, padding),
    row("Cipher.prototype.setAuthTag", 1, |_, call| {
        Ok(call.this.clone())
    }),
    row("Cipher.prototype.setAAD", 1, |_, call| {
        Ok(call.this.clone())
    }),
    row("Hash.prototype.update", 2, update),
    row("Hash.prototype.digest", 1, finish),
];

/// Longest output of pbkdf2 and scrypt.
const MOST_DERIVED: usize = 4096;

/// Whether a function of a module only computes.
pub(in crate::value) fn is_module_function(module: &str, name: &str) -> bool {
    let module = module.strip_prefix("node:").unwrap_or(module);
    ROWS.iter().any(|native| {
        let rest = native.path.strip_prefix(module);
        rest.and_then(|rest| rest.strip_prefix('.')) == Some(name)
    })
}

/// Calls a function of a module that only computes; `None` if it is no such, or its inputs are
/// not known.
pub(in crate::value::run) fn module_call(
    machine: &mut Machine<'_>,
    callee: ValueId,
    args: &[Val],
) -> Option<Run> {
    let Term::Member(of, name) = machine.term(callee) else {
        return None;
    };
    let Term::Module(module) = machine.term(*of) else {
        return None;
    };
    let module = module.strip_prefix("node:").unwrap_or(module);
    let native = ROWS.iter().find(|native| {
        native
            .path
            .split_once('.')
            .is_some_and(|(of, function)| of == module && function == &**name)
    })?;
    let call = Call {
        this: &Val::Undefined,
        args,
        new: None,
        native,
    };
    match (native.run)(machine, &call) {
        Err(Stop::Opaque) => None,
        done => Some(done),
    }
}

fn inflate(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = data(machine, call.arg(0), &Val::Undefined)?;
    let most = MOST_LENGTH as u64 + 1;
    let mut out = Vec::new();
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let read = match call.name() {
        "inflateRawSync" => flate2::read::DeflateDecoder::new(bytes.as_slice())
            .take(most)
            .read_to_end(&mut out),
        "brotliDecompressSync" => brotli_decompressor::Decompressor::new(bytes.as_slice(), 4096)
            .take(most)
            .read_to_end(&mut out),
        "inflateSync" => flate2::read::ZlibDecoder::new(bytes.as_slice())
            .take(most)
            .read_to_end(&mut out),
        _ if is_gzip => flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .take(most)
            .read_to_end(&mut out),
        _ => flate2::read::ZlibDecoder::new(bytes.as_slice())
            .take(most)
            .read_to_end(&mut out),
    };
    machine.pay(out.len())?;
    if read.is_err() {
        return machine.throw("Error", "incorrect header check");
    }
    Ok(machine.buffer(out))
}

fn cipher(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let name = machine.to_text(call.arg(0))?.lossy();
    let key = data(machine, call.arg(1), &Val::Undefined)?;
    let iv = match call.arg(2) {
        Val::Null | Val::Undefined => Vec::new(),
        iv => data(machine, iv, &Val::Undefined)?,
    };
    let decrypts = call.name() == "createDecipheriv";
    let Some(cipher) = Cipher::new(&name, &key, &iv, decrypts) else {
        return Err(Stop::Opaque);
    };
    Ok(with_methods(
        machine,
        Kind::Cipher(Box::new(cipher)),
        "Cipher",
    ))
}

fn digest(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let name = machine.to_text(call.arg(0))?.lossy();
    let key = match call.name() {
        "createHmac" => Some(data(machine, call.arg(1), &Val::Undefined)?),
        _ => None,
    };
    let Some(digest) = Digest::new(&name, key) else {
        return Err(Stop::Opaque);
    };
    Ok(with_methods(
        machine,
        Kind::Digest(Box::new(digest)),
        "Hash",
    ))
}

fn with_methods(machine: &mut Machine<'_>, kind: Kind, class: &str) -> Val {
    let proto = machine.realm.object;
    let id = machine.alloc(proto, kind);
    for native in METHODS
        .iter()
        .filter(|native| native.path.starts_with(class))
    {
        let function = machine.realm.function;
        let method = machine.object(function, Kind::Native(native));
        let name = native.path.rsplit('.').next().unwrap_or("");
        let key = machine.key(name);
        machine.define(id, key, Prop::hidden(method));
    }
    Val::Obj(id)
}

fn update(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let bytes = data(machine, call.arg(0), call.arg(1))?;
    machine.pay(bytes.len())?;
    let Val::Obj(id) = call.this else {
        return Err(Stop::Opaque);
    };
    match &mut machine.at_mut(*id).kind {
        Kind::Digest(digest) => {
            digest.update(&bytes);
            Ok(call.this.clone())
        }
        Kind::Cipher(cipher) => {
            cipher.update(&bytes);
            // All of it comes out at the end.
            output(machine, Vec::new(), call.arg(2))
        }
        _ => machine.type_error("not a cipher"),
    }
}

fn finish(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Obj(id) = call.this else {
        return Err(Stop::Opaque);
    };
    let (bytes, cost) = match &machine.at(*id).kind {
        Kind::Digest(digest) => (digest.finish(), 200),
        Kind::Cipher(cipher) => (cipher.finish(), cipher.len() / 4),
        _ => return machine.type_error("not a cipher"),
    };
    machine.spend(cost as u64)?;
    match bytes {
        Some(bytes) => output(machine, bytes, call.arg(0)),
        None => machine.throw("Error", "bad decrypt"),
    }
}

/// Bytes, or their text in an encoding.
fn output(machine: &mut Machine<'_>, bytes: Vec<u8>, encoding: &Val) -> Run {
    if let Val::Str(encoding) = encoding {
        let encoding = encoding.lossy();
        if let Some(text) = encode::to_text(&bytes, &encoding) {
            return Ok(Val::str(&text));
        }
    }
    Ok(machine.buffer(bytes))
}

fn padding(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let pads = call.args.is_empty() || machine.truth(call.arg(0)).unwrap_or(true);
    if let Val::Obj(id) = call.this
        && let Kind::Cipher(cipher) = &mut machine.at_mut(*id).kind
    {
        cipher.pad(pads);
    }
    Ok(call.this.clone())
}

fn derive(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let password = data(machine, call.arg(0), &Val::Undefined)?;
    let salt = data(machine, call.arg(1), &Val::Undefined)?;
    let is_scrypt = call.name() == "scryptSync";
    let length = machine.to_whole(call.arg(if is_scrypt { 2 } else { 3 }))?;
    if !(1.0..=MOST_DERIVED as f64).contains(&length) {
        return Err(Stop::End);
    }
    let length = length as usize;
    let bytes = if is_scrypt {
        let mut cost = [16_384.0, 8.0, 1.0];
        if let options @ Val::Obj(_) = call.arg(3) {
            let names = [("N", "cost"), ("r", "blockSize"), ("p", "parallelization")];
            for (at, (short, long)) in names.into_iter().enumerate() {
                for name in [short, long] {
                    let value = machine.get_named(options, name)?;
                    if !value.is_undefined() {
                        cost[at] = machine.to_whole(&value)?;
                    }
                }
            }
        }
        let [n, r, p] = cost;
        // Memory is 128 · N · r bytes.
        if n * r > 262_144.0 || p > 4.0 || n < 2.0 || r < 1.0 || p < 1.0 {
            return Err(Stop::End);
        }
        machine.spend((n * r * p) as u64)?;
        scrypt(&password, &salt, n.log2() as u8, r as u32, p as u32, length)
    } else {
        let rounds = machine.to_whole(call.arg(2))?.clamp(1.0, 1e9);
        let blocks = (length as f64 / 20.0).ceil();
        machine.spend((rounds * blocks * 8.0) as u64)?;
        let name = machine.to_text(call.arg(4))?.lossy();
        pbkdf2(&name, &password, &salt, rounds as u32, length)
    };
    match bytes {
        Some(bytes) => Ok(machine.buffer(bytes)),
        None => Err(Stop::Opaque),
    }
}

fn unescape(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let text = machine.to_text(call.arg(0))?.lossy();
    match encode::percent_decode(&text) {
        Some(text) => Ok(Val::str(&text)),
        None => Err(Stop::Opaque),
    }
}
