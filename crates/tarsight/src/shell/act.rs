//! Writes down what a script does.

use super::meaning::{Act, Move, Point, Unread};
use super::run::Shell;
use super::value::{Taint, TaintKind, Value};
use crate::api::AimKind;
use crate::api::targets;
use crate::model::{Origin, OriginSet, Reason, Span};
use crate::value::Place;

/// Acts and moves that one text may have, each.
const MOST: usize = 4096;

impl Shell<'_> {
    /// Where a range of the text stands in the package.
    pub(super) fn place(&self, span: Span) -> Place {
        Place {
            file: self.here.file,
            span: self.here.whole.unwrap_or(span),
        }
    }

    /// Something is done to what a value names.
    pub(super) fn act(&mut self, id: &'static str, kind: AimKind, value: &Value, span: Span) {
        self.act_on(id, kind, value.target(), value.origin, span);
    }

    pub(super) fn act_on(
        &mut self,
        id: &'static str,
        kind: AimKind,
        target: Option<String>,
        origin: OriginSet,
        span: Span,
    ) {
        let act = Act {
            id,
            target,
            kind,
            origin,
            at: self.place(span),
        };
        if self.out.acts.len() < MOST {
            self.out.acts.push(act);
        }
    }

    /// What the values hold goes to the network.
    pub(super) fn sends(&mut self, id: &'static str, to: &Value, payload: &[&Value], span: Span) {
        let end = Point {
            id,
            target: to.target(),
            origin: to.origin,
            at: self.place(span),
        };
        for taint in payload.iter().flat_map(|value| &value.taints) {
            let from = point(taint);
            let id = match taint.kind {
                _ if from.id.starts_with("credential.") || from.id.starts_with("wallet.") => {
                    "credential-to-network"
                }
                TaintKind::Environment => "environment-to-network",
                TaintKind::Host => "host-to-network",
                TaintKind::File => "file-to-network",
                TaintKind::Variable
                | TaintKind::Secret
                | TaintKind::Remote
                | TaintKind::Decoded => continue,
            };
            self.moves(id, from, end.clone());
        }
    }

    /// What a value holds is run as a program, under this name.
    pub(super) fn runs(&mut self, content: &Value, what: &str, from_file: bool, span: Span) {
        let end = Point {
            id: "process.exec",
            target: Some(what.to_owned()),
            origin: OriginSet::of(Origin::Literal),
            at: self.place(span),
        };
        for taint in &content.taints {
            let id = match taint.kind {
                TaintKind::Remote if from_file => "download-to-process",
                TaintKind::Remote => "remote-to-process",
                TaintKind::Decoded => "decoded-to-process",
                _ => continue,
            };
            self.moves(id, point(taint), end.clone());
        }
    }

    /// What a value holds is written to a file, which keeps it.
    pub(super) fn writes(&mut self, path: &Value, content: &Value, span: Span) {
        let path = self.absolute(path);
        self.act("fs.write", AimKind::Path, &path, span);
        let end = Point {
            id: "fs.write",
            target: path.target(),
            origin: path.origin,
            at: self.place(span),
        };
        for taint in &content.taints {
            if taint.kind == TaintKind::Remote {
                self.moves("remote-to-file", point(taint), end.clone());
            }
        }
        if self.files.len() < MOST {
            let kept = self.files.entry(path.text).or_default();
            kept.push(content);
        }
    }

    /// What a file holds, as far as the script tells; a secret if it is one by its path.
    pub(super) fn content(&mut self, path: &Value, span: Span) -> Value {
        let path = self.absolute(path);
        if let Some(known) = self.files.get(&path.text) {
            return known.clone();
        }
        if matches!(path.text.as_str(), "/dev/null" | "/dev/stdin" | "/dev/zero") {
            return Value::default();
        }
        if !path.text.starts_with("/dev/fd/") {
            self.act("fs.read", AimKind::Path, &path, span);
        }
        let mut value = Value::from_source(TaintKind::File, path.target(), self.place(span));
        // What the package brings can be read, and run as if it stood here.
        let file = self.world.find(&path.text);
        let text = file.and_then(|file| self.world.text(file));
        if let Some(text) = text.filter(|text| self.pay_for(text)) {
            value.text = text;
        }
        value
    }

    pub(super) fn moves(&mut self, id: &'static str, from: Point, to: Point) {
        let found = Move { id, from, to };
        if self.out.moves.len() < MOST && !self.out.moves.contains(&found) {
            self.out.moves.push(found);
        }
    }

    pub(super) fn unread(&mut self, reason: Reason, detail: impl Into<String>, span: Span) {
        let one = Unread {
            reason,
            detail: detail.into(),
            at: self.place(span),
        };
        if self.out.unread.len() < MOST && !self.out.unread.contains(&one) {
            self.out.unread.push(one);
        }
    }
}

/// What a source is called in flows.
fn point(taint: &Taint) -> Point {
    let target = taint.target.clone();
    let named = target.as_deref();
    let (id, origin) = match taint.kind {
        TaintKind::File => {
            let secret = named.and_then(targets::secret_path);
            (secret.map_or("fs.read", |secret| secret.id), Origin::File)
        }
        TaintKind::Variable => {
            let secret = named.and_then(targets::secret_variable);
            let id = secret.map_or("environment.read", |secret| secret.id);
            (id, Origin::Environment)
        }
        TaintKind::Environment => ("environment.read", Origin::Environment),
        TaintKind::Host => ("environment.host", Origin::Host),
        TaintKind::Secret => ("credential.store", Origin::Host),
        TaintKind::Remote => ("network.http", Origin::Remote),
        TaintKind::Decoded => ("decoded", Origin::Decoded),
    };
    Point {
        id,
        target,
        origin: OriginSet::of(origin),
        at: taint.at,
    }
}
