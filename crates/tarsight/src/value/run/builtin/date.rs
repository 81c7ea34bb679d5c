//! `Date`. What the clock and the time zone say is outside.

use super::{Call, Native, row};
use crate::value::run::object::{Kind, Val};
use crate::value::run::{Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("Date", 7, date),
    row("Date.now", 0, |_, _| Err(Stop::Opaque)),
    row("Date.UTC", 7, utc),
    row("Date.prototype.getTime", 0, time),
    row("Date.prototype.valueOf", 0, time),
    row("Date.prototype.toString", 0, |_, _| Err(Stop::Opaque)),
    row("Date.prototype.toISOString", 0, iso),
    row("Date.prototype.toJSON", 1, iso),
    row("Date.prototype.getUTCFullYear", 0, part),
    row("Date.prototype.getUTCMonth", 0, part),
    row("Date.prototype.getUTCDate", 0, part),
    row("Date.prototype.getUTCDay", 0, part),
    row("Date.prototype.getUTCHours", 0, part),
    row("Date.prototype.getUTCMinutes", 0, part),
    row("Date.prototype.getUTCSeconds", 0, part),
    row("Date.prototype.getUTCMilliseconds", 0, part),
];

const DAY: f64 = 86_400_000.0;
/// Latest time, and with a minus earliest, that a date may have.
const MOST: f64 = 8.64e15;

/// The clock is outside; a date of a known number is not.
fn date(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match (call.new, call.args) {
        (Some(target), [Val::Num(time)]) => {
            let time = *time;
            machine.made_by(target, Kind::Date(time))
        }
        _ => {
            let date = machine.terms.global("Date");
            let args: Vec<_> = call.args.iter().map(|arg| machine.to_term(arg)).collect();
            let place = machine.place;
            Ok(Val::Host(machine.terms.construct(date, &args, place)))
        }
    }
}

fn time(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    match call.this {
        Val::Obj(id) => match machine.at(*id).kind {
            Kind::Date(time) => Ok(Val::Num(time)),
            _ => machine.type_error("this is not a Date object"),
        },
        _ => Err(Stop::Opaque),
    }
}

/// Year, month from 0 and day from 1 of a day that is counted from 1970-01-01.
fn calendar(day: f64) -> (f64, f64, f64) {
    // Years that begin in March, so that the odd day is their last; 400 years have 146097 days.
    let day = day + 719_468.0;
    let era = (day / 146_097.0).floor();
    let of_era = day - era * 146_097.0;
    let skipped =
        (of_era / 1_460.0).floor() - (of_era / 36_524.0).floor() + (of_era / 146_096.0).floor();
    let year = ((of_era - skipped) / 365.0).floor();
    let of_year = of_era - (365.0 * year + (year / 4.0).floor() - (year / 100.0).floor());
    let month = ((5.0 * of_year + 2.0) / 153.0).floor();
    let date = of_year - ((153.0 * month + 2.0) / 5.0).floor() + 1.0;
    let is_next = month >= 10.0;
    let month = if is_next { month - 10.0 } else { month + 2.0 };
    (year + era * 400.0 + f64::from(is_next), month, date)
}

/// The day of a year, a month from 0 and a day from 1, counted from 1970-01-01.
fn day_of(year: f64, month: f64, date: f64) -> f64 {
    let year = year + (month / 12.0).floor();
    let month = month.rem_euclid(12.0);
    let (year, month) = match month < 2.0 {
        true => (year - 1.0, month + 10.0),
        false => (year, month - 2.0),
    };
    let era = (year / 400.0).floor();
    let of_era = year - era * 400.0;
    let days = 365.0 * of_era + (of_era / 4.0).floor() - (of_era / 100.0).floor();
    era * 146_097.0 + days + ((153.0 * month + 2.0) / 5.0).floor() + date - 1.0 - 719_468.0
}

fn utc(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let mut parts = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (part, given) in parts.iter_mut().zip(call.args) {
        *part = machine.to_number(given)?.trunc();
    }
    let [year, month, date, hours, minutes, seconds, millis] = parts;
    let year = if (0.0..=99.0).contains(&year) {
        year + 1_900.0
    } else {
        year
    };
    let clock = ((hours * 60.0 + minutes) * 60.0 + seconds) * 1_000.0 + millis;
    let time = day_of(year, month, date) * DAY + clock;
    Ok(Val::Num(if time.abs() <= MOST { time } else { f64::NAN }))
}

fn part(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Num(time) = time(machine, call)? else {
        return Err(Stop::Opaque);
    };
    let (day, clock) = ((time / DAY).floor(), time.rem_euclid(DAY));
    let (year, month, date) = calendar(day);
    Ok(Val::Num(match call.name() {
        "getUTCFullYear" => year,
        "getUTCMonth" => month,
        "getUTCDate" => date,
        "getUTCDay" => (day + 4.0).rem_euclid(7.0),
        "getUTCHours" => (clock / 3_600_000.0).floor(),
        "getUTCMinutes" => (clock / 60_000.0).floor().rem_euclid(60.0),
        "getUTCSeconds" => (clock / 1_000.0).floor().rem_euclid(60.0),
        _ => clock.rem_euclid(1_000.0).floor(),
    }))
}

fn iso(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let Val::Num(time) = time(machine, call)? else {
        return Err(Stop::Opaque);
    };
    if time.is_nan() || time.abs() > MOST {
        return match call.name() {
            "toJSON" => Ok(Val::Null),
            _ => machine.type_error("Invalid time value"),
        };
    }
    let (day, clock) = ((time / DAY).floor(), time.rem_euclid(DAY) as u64);
    let (year, month, date) = calendar(day);
    let year = match year {
        0.0..=9_999.0 => format!("{year:04}"),
        _ if year < 0.0 => format!("-{:06}", -year),
        _ => format!("+{year:06}"),
    };
    let (seconds, millis) = (clock / 1_000, clock % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let month = month + 1.0;
    Ok(Val::str(&format!(
        "{year}-{month:02}-{date:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}Z"
    )))
}
