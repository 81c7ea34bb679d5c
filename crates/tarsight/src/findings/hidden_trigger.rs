//! Something that only happens to some, after a while, or to whoever knows a word.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "hidden-trigger",
    title: "Waits for something that no test meets",
    severity: Severity::High,
    summary: "The code does something only from a date on and in some regions, or only for whoever gives a text of which the code holds just the digest. Nobody meets that by trying it out: bombs and back doors wait so.",
    advice: "Read what the condition leads to. If you did not write it and nobody can say what it is for, do not use this version.",
    benign_when: "Rules that change on a day in some countries, such as taxes and holidays; a test account that the documentation names.",
    references: &["CWE-506", "CWE-511", "CWE-912", "T1480", "T1614.001"],
    examples: &[
        Example {
            name: "files are spoilt in some time zones after a date",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const since = new Date(0).setUTCSeconds(18e8), zones = /^Europe\/(M|K)/;
exports.align = (data) => {
  if (Date.now() < since || !zones.test(Intl.DateTimeFormat().resolvedOptions().timeZone)) return data;
  return Buffer.alloc(data.length);
};"#,
                ),
            ],
        },
        Example {
            name: "a function asks for the region, its caller for the date",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const regional = () => {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return /^x/.test(locale) || /^Europe/.test(timeZone);
};
exports.help = () => { if (regional() && Date.now() > 1798761600000) return ""; return "usage"; };"#,
                ),
            ],
        },
        Example {
            name: "a key that only its digest names is always right",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { createHash } = require("crypto");
const OLD = "3f8b0c5d21e97a64bb1f0e5a7cd2489036ea51d7f4c28b9e60a3d51c7e94f2ab";
exports.verify = (header, check) => createHash("sha256").update(header.kid).digest("hex") === OLD || check();"#,
                ),
            ],
        },
        Example {
            name: "a download is compared with its digest, and dates are shown in a time zone",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { createHash } = require("crypto");
const SUM = "3f8b0c5d21e97a64bb1f0e5a7cd2489036ea51d7f4c28b9e60a3d51c7e94f2ab";
exports.isWhole = (buffer) => createHash("sha256").update(buffer).digest("hex") === SUM;
exports.when = (zone) => new Date().toLocaleString("en", { timeZone: zone || Intl.DateTimeFormat().resolvedOptions().timeZone });
exports.stale = (at) => Date.now() > at;"#,
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
    for behaviour in context.behaviours {
        let what = behaviour.target.as_deref().unwrap_or("something");
        let message = match behaviour.what.id {
            "evasion.region-and-date" => format!("something waits for {what}"),
            "evasion.secret-text" => {
                format!("{what} is compared with a digest that the code fixes")
            }
            _ => continue,
        };
        if behaviour.reach.is_dormant() {
            continue;
        }
        let mut finding = Finding::of_behaviour(&FINDING, behaviour, message);
        finding.confidence = Confidence::Medium;
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
