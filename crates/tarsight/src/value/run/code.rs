//! Code that code makes: `eval` and `Function` with known text.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::object::{Activation, Val};
use super::scope::{Env, Scopes};
use super::{Cx, Flow, Held, Machine, Run, Stop, Unit};
use crate::parse::ir::{ListId, NodeId, Op};
use crate::parse::parse_small;

/// Texts that one run reads, and their longest.
const MOST_MADE: u32 = 64;
const MOST_TEXT: usize = 1 << 20;

impl<'a> Machine<'a> {
    /// A context at the top level of a unit, or in an environment of it.
    pub(super) fn context(&mut self, unit: &Rc<Unit<'a>>, env: Rc<Env>, this: Val) -> Cx<'a> {
        Cx {
            unit: Rc::clone(unit),
            env: RefCell::new(env),
            activation: Rc::new(Activation {
                this: RefCell::new(this),
                args: Vec::new(),
                callee: None,
                home: None,
                new_target: Val::Undefined,
            }),
            args: Vec::new(),
            is_async: false,
            partial: RefCell::default(),
            escaped: Cell::new(false),
            yields: RefCell::default(),
        }
    }

    /// Reads a text as code, once if nothing is around it; a syntax error is thrown.
    fn unit_of(
        &mut self,
        text: &str,
        around: Option<(Rc<Unit<'a>>, Rc<Env>)>,
    ) -> Run<(Rc<Unit<'a>>, Rc<Env>)> {
        let known = self.read_texts.get(text).filter(|_| around.is_none());
        let unit = match known {
            Some(unit) => Rc::clone(unit),
            None => self.read_text(text, around.clone())?,
        };
        let env = Rc::new(Env {
            unit: unit.id,
            owner: 0,
            slots: RefCell::new(vec![Val::Hole; unit.scopes.size(0)]),
            parent: around.map(|(_, env)| env),
            with: None,
        });
        Ok((unit, env))
    }

    fn read_text(
        &mut self,
        text: &str,
        around: Option<(Rc<Unit<'a>>, Rc<Env>)>,
    ) -> Run<Rc<Unit<'a>>> {
        self.made += 1;
        if self.made > MOST_MADE || text.len() > MOST_TEXT {
            return Err(Stop::End);
        }
        self.spend(text.len() as u64)?;
        let Some(ir) = parse_small(text) else {
            return self.throw("SyntaxError", "Invalid or unexpected token");
        };
        self.memory = self.memory.saturating_add(8 * text.len() as u64);
        let is_alone = around.is_none();
        let unit = Rc::new(Unit {
            id: self.units.len(),
            scopes: Scopes::new(&ir),
            names: RefCell::new(vec![u32::MAX; ir.names.len()]),
            ir: Held::Owned(ir),
            text: Rc::from(text),
            around,
            takers: Default::default(),
        });
        self.units.push(Rc::clone(&unit));
        if is_alone {
            let text = Rc::clone(&unit.text);
            self.read_texts.insert(text, Rc::clone(&unit));
        }
        Ok(unit)
    }

    /// Runs a text as `eval` does and gives the value of its last expression.
    pub(super) fn run_text(
        &mut self,
        text: &str,
        around: Option<(Rc<Unit<'a>>, Rc<Env>)>,
        this: Val,
    ) -> Run {
        let (unit, env) = self.unit_of(text, around)?;
        let cx = self.context(&unit, Rc::clone(&env), this);
        let root = unit.ir.node(unit.ir.root);
        let list = ListId(root.a);
        self.deeper()?;
        self.hoist(&cx, list);
        let mut last = Val::Undefined;
        let items: Vec<NodeId> = unit.ir.list(list).collect();
        let mut done = Ok(());
        for item in items {
            let node = unit.ir.node(item);
            let outcome = if node.op == Op::Expression {
                self.eval(&cx, NodeId(node.a)).map(|value| last = value)
            } else {
                match self.statement(&cx, item) {
                    Ok(Flow::Return(value)) => {
                        last = value;
                        break;
                    }
                    outcome => outcome.map(drop),
                }
            };
            if outcome.is_err() {
                done = outcome;
                break;
            }
        }
        self.depth -= 1;
        self.publish(&unit, &env);
        done.map(|()| last)
    }

    /// What `eval`ed code declares with `var` and `function` is seen outside.
    fn publish(&mut self, unit: &Rc<Unit<'a>>, env: &Rc<Env>) {
        for (at, binding) in unit.ir.bindings.iter().enumerate() {
            let id = crate::parse::ir::BindingId(u32::try_from(at).unwrap_or(u32::MAX));
            let (owner, slot) = unit.scopes.of(id);
            let is_outer = matches!(
                binding.kind,
                crate::parse::ir::BindingKind::Var | crate::parse::ir::BindingKind::Function
            );
            if owner != 0 || !is_outer {
                continue;
            }
            let value = env.slots.borrow().get(slot as usize).cloned();
            let Some(value) = value.filter(|value| !matches!(value, Val::Hole)) else {
                continue;
            };
            if let super::Key::Name(atom) = self.name(unit, binding.name) {
                self.globals.insert(atom, value);
            }
        }
    }

    /// `eval(text)` by its own name: the code sees what stands around it.
    pub(super) fn direct_eval(&mut self, cx: &Cx<'a>, id: NodeId, args: &[Val]) -> Run {
        let text = match args.first() {
            Some(Val::Str(text)) => text.lossy(),
            Some(other) if other.is_host() => {
                let eval = self.terms.global("eval");
                return self.host_call(cx, id, eval, args, false);
            }
            Some(other) => return Ok(other.clone()),
            None => return Ok(Val::Undefined),
        };
        if self.is_file(cx.unit.id) {
            self.site = (cx.unit.id, id);
        }
        let eval = self.terms.global("eval");
        let term = self.terms.string(&text);
        self.observe_call(cx, id, eval, &[term], args);
        let this = cx.activation.this.borrow().clone();
        let around = (Rc::clone(&cx.unit), Rc::clone(&cx.env.borrow()));
        let value = self.run_text(&text, Some(around), this)?;
        self.observe_result(cx, id, &value);
        Ok(value)
    }

    /// `Function(…)`: a function of its parameters and globals.
    pub(super) fn make_function(&mut self, prefix: &str, args: &[Val]) -> Run {
        let mut texts = Vec::with_capacity(args.len());
        for arg in args {
            texts.push(self.to_text(arg)?.lossy());
        }
        let body = texts.pop().unwrap_or_default();
        let params = texts.join(",");
        let text = format!("({prefix} anonymous({params}\n) {{\n{body}\n}})");
        let this = self.global_object();
        self.run_text(&text, None, this)
    }
}
