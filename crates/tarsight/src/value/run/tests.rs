//! Small programs and what the calls of `out` in them were given.

use oxc_allocator::Allocator;

use super::Machine;
use crate::parse::ir::{Ir, ListId, NodeId, Op};
use crate::parse::{Dialect, parse_into};
use crate::value::json;
use crate::value::terms::{Term, Terms};

/// What each call of the global `out` in a script was given, in order; `None` if it was not
/// called, or with too many things.
pub(super) fn outputs(text: &str) -> Vec<Option<String>> {
    let text = text.to_owned();
    let work = move || {
        let mut ir = Ir::default();
        parse_into(&mut ir, &Allocator::default(), &text, Dialect::Script).unwrap();
        let machine = Machine::new(&ir, &text, Terms::default(), 20_000_000);
        let (terms, observed) = machine.run_file();
        let mut all = Vec::new();
        for &call in &ir.calls {
            let node = ir.node(call);
            let callee = ir.node(NodeId(node.a));
            let name = crate::parse::names::NameId(callee.a);
            if callee.op != Op::Name || callee.b != u32::MAX || ir.name(&text, name) != "out" {
                continue;
            }
            let Some(arg) = ir.list(ListId(node.b)).next() else {
                continue;
            };
            let value = match observed.of(arg) {
                Some(&[value]) => value,
                _ => {
                    all.push(None);
                    continue;
                }
            };
            all.push(Some(match terms.get(value).clone() {
                Term::String(text) => text.to_string(),
                Term::Bytes(bytes) => format!("bytes {bytes:?}"),
                _ => match terms.as_text(value) {
                    Some(text) => text.to_string(),
                    None => json::stringify(&terms, value)
                        .unwrap_or_else(|| format!("{:?}", terms.get(value))),
                },
            }));
        }
        all
    };
    std::thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap()
}

#[track_caller]
fn gives(text: &str, wanted: &str) {
    assert_eq!(outputs(text), [Some(wanted.to_owned())], "{text}");
}

#[test]
fn coercions_are_exact() {
    gives("out([]+{})", "[object Object]");
    gives("out(![]+[])", "false");
    gives("out([]['flat']+'')", "function flat() { [native code] }");
    gives("out((![]+[])[+[]]+(![]+[])[+!+[]])", "fa");
    gives("out([][[]]+[])", "undefined");
    gives("out(+[![]]+[])", "NaN");
    gives("out([]['entries']()+'')", "[object Array Iterator]");
    gives(
        "out(typeof null+typeof (()=>1)+typeof 1n)",
        "objectfunctionbigint",
    );
    gives(
        "out(`${{toString(){return 'a'}}}${{[Symbol.toPrimitive](h){return h}}}`)",
        "astring",
    );
    gives("out('b'+'a'+ +'a'+'a')", "baNaNa");
    gives(
        "out((0.1+0.2)+'|'+1e21+'|'+(-0)+'|'+(25).toString(36))",
        "0.30000000000000004|1e+21|0|p",
    );
}

#[test]
fn statements_run() {
    gives(
        "let s='';for(let i=0;i<5;i++){if(i==3)continue;s+=i}out(s)",
        "0124",
    );
    gives(
        "let f=[];for(let i=0;i<3;i++)f.push(()=>i);out(f.map(g=>g()).join())",
        "0,1,2",
    );
    gives(
        "a:for(;;){for(;;){break a}}var x=1;switch(2){case 1:x=5;case 2:x++;default:x+=10}out(x+'')",
        "12",
    );
    gives(
        "var r='';try{try{null.x}finally{r+='f'}}catch(e){r+=e.constructor.name+e.message}out(r)",
        "fTypeErrorCannot read properties of null (reading 'x')",
    );
    gives(
        "var o='4|1|0'.split('|'),i=0,s='';while(true){switch(o[i++]){case '0':s+='c';continue;case '1':s+='b';continue;case '4':s+='a';continue}break}out(s)",
        "abc",
    );
    gives("for(var k in {a:1,b:2})var s=(s||'')+k;out(s)", "ab");
    gives(
        "var s='';for(const [k,v] of new Map([['x',1],['y',2]]))s+=k+v;out(s)",
        "x1y2",
    );
    gives(
        "const {a:{b=3}={},...r}={c:1,d:2};out(b+JSON.stringify(r))",
        "3{\"c\":1,\"d\":2}",
    );
    gives("let a=1,b=2;[a,b]=[b,a];out(a+''+b)", "21");
    gives(
        "function* g(){yield 1;yield* [2,3]}out([...g()].join(''))",
        "123",
    );
    gives("with({x:'in'}){out(x)}", "in");
}

#[test]
fn functions_and_classes_run() {
    gives(
        "function f(a,b=a+1,...c){return a+b+c.length+arguments.length}out(f(1,undefined,3,4)+'')",
        "9",
    );
    gives(
        "class A{#p=1;static s='S';constructor(x){this.x=x}get y(){return this.x+this.#p}}class B extends A{constructor(){super(5)}z(){return super.y+1}}out(new B().z()+A.s+new B().y)",
        "7S6",
    );
    gives(
        "var f=function(x){return this.k+x}.bind({k:'k'});out(f('x')+f.call({k:'no'},'y'))",
        "kxky",
    );
    gives(
        "function F(){this.a=1}F.prototype.m=function(){return this.a};out(new F().m()+''+(new F instanceof F))",
        "1true",
    );
    gives(
        "out((function f(n){return n<2?1:n*f(n-1)})(10)+'')",
        "3628800",
    );
    gives("var p=new Proxy({},{get:(t,k)=>k+'!'});out(p.hey)", "hey!");
    gives(
        "out((function(){return 1}).toString())",
        "function(){return 1}",
    );
    gives(
        "async function f(){return await Promise.resolve('v')}f().then(x=>out(x))",
        "v",
    );
    gives(
        "out([3,1,2].sort((a,b)=>b-a).concat([4]).map(String).join('-'))",
        "3-2-1-4",
    );
}

#[test]
fn bytes_and_ciphers_run() {
    gives(
        "out(Buffer.from('aGk=','base64').toString()+atob('eW8='))",
        "hiyo",
    );
    gives(
        "const b=Buffer.from('abc');b[0]^='\\n'.charCodeAt(0);const o={n:'x'};o.n+='y'.toUpperCase();out(b.toString()+o.n)",
        "kbcxY",
    );
    gives(
        "out(require('util').format('%s:%d/%s%%','a',1,'b','c'))",
        "a:1/b% c",
    );
    gives(
        "out(new TextDecoder().decode(Uint8Array.from([104,105])))",
        "hi",
    );
    gives(
        "out(require('crypto').createHash('md5').update('a').digest('hex'))",
        "0cc175b9c0f1b6a831c399e269772661",
    );
    gives(
        "const c=require('crypto');const k=Buffer.alloc(32,1),i=Buffer.alloc(16,2);const e=c.createCipheriv('aes-256-cbc',k,i);const t=e.update('secret','utf8','hex')+e.final('hex');const d=c.createDecipheriv('aes-256-cbc',k,i);out(d.update(t,'hex','utf8')+d.final('utf8'))",
        "secret",
    );
    gives(
        "out(require('zlib').inflateSync(Buffer.from('eJzLSM3JyQcABiwCFQ==','base64')).toString())",
        "hello",
    );
    gives(
        "out(require('crypto').pbkdf2Sync('p','s',1,8,'sha1').toString('hex'))",
        "843c87e7eda3ee2f",
    );
}

#[test]
fn code_that_code_makes_runs() {
    gives("out(Function('a','return a+1')(1)+'')", "2");
    gives("eval('var q=\"v\"');out(q)", "v");
    gives("function f(){var x='in';return eval('x+1')}out(f())", "in1");
    gives("out([]['flat']['constructor']('return \"c\"')())", "c");
    gives("out((0,eval)('1+1')+'')", "2");
}

#[test]
fn the_outside_stays_symbolic() {
    let seen = outputs("var u='https://a.invalid/'+process.platform;out(u)");
    assert!(
        seen[0]
            .as_deref()
            .is_some_and(|seen| seen.contains("Concat")),
        "{seen:?}"
    );
    let seen = outputs("var x;if(process.argv[2]){x='a'}else{x='b'}out(x)");
    assert!(
        seen[0]
            .as_deref()
            .is_some_and(|seen| seen.starts_with("OneOf")),
        "{seen:?}"
    );
    gives(
        "function dec(a){return a.split('').reverse().join('')}exports.go=function(x){if(x)return;out(dec('olleh'))}",
        "hello",
    );
}

#[test]
fn endless_code_ends() {
    assert!(outputs("for(;;){}").is_empty());
    assert!(outputs("function f(){return f()}f()").is_empty());
    assert!(outputs("var a=[1];while(1)a=a.concat(a);").is_empty());
    assert!(outputs("var s='x';while(1)s+=s").is_empty());
    assert!(outputs("[1].map(function f(x){return [x].map(f)})").is_empty());
    assert!(outputs("var o={get a(){return this.a}};o.a").is_empty());
}

#[test]
fn calls_without_end_throw_as_in_node() {
    gives(
        "function f(n){return f(n+1)}try{f(0)}catch(e){out(e.name)}",
        "RangeError",
    );
}

#[test]
fn code_that_is_made_again_is_read_once() {
    gives(
        "var n=0;for(var i=0;i<200;i++)n+=Function('a','return a%2')(i);out(n)",
        "100",
    );
}

#[test]
fn generators_take_what_they_are_sent() {
    gives(
        "function* g(a){const b=yield a+1;const c=yield a+b;return `${a}${b}${c}`} const i=g(1);const r=[i.next('lost').value,i.next(5).value,i.next('z').value];out(r.join())",
        "2,6,15z",
    );
    gives(
        "let n=0;function* g(){n++;let s='';for(;;){const k=yield s;if(k===undefined)return s;s+=String.fromCharCode(k^3)}}const i=g();i.next();for(const c of [107,108])i.next(c);out(i.next().value)",
        "ho",
    );
    gives(
        "function* g(){try{const x=yield 1;return 'got '+x}finally{q.push('f')}}const q=[];const i=g();i.next();q.push(i.next(7).value);out(q.join())",
        "f,got 7",
    );
    gives(
        "function* g(){const x=yield 1;return x}out([...g()].length+typeof g().next().value)",
        "1number",
    );
    gives(
        "function co(f){return new Promise((ok)=>{const i=f();(function step(v){const r=i.next(v);if(r.done)ok(r.value);else Promise.resolve(r.value).then(step)})()})}co(function*(){const a=yield Promise.resolve(3);const b=yield a*2;return a+b}).then((v)=>out(v))",
        "9",
    );
    gives(
        "function* g(){const x=yield;const y=yield;return x+y}const i=g();i.next();i.next('a');const a=i.next('b').value;out(a+i.next('c').value)",
        "abundefined",
    );
    gives(
        "function* g(){yield 1;yield 2}const i=g();out([i.next('x').value,i.next('y').value,i.next('z').done].join())",
        "1,2,true",
    );
}

#[test]
fn a_generator_that_is_sent_too_much_gives_nothing_that_is_wrong() {
    let sends = |count: u32| {
        format!(
            "function* g(){{let n=0;for(;;){{const k=yield n;n+=k}}}}const i=g();i.next();let r;for(let a=0;a<{count};a++)r=i.next(1).value;out(r+'')"
        )
    };
    gives(&sends(40), "40");
    let known = outputs(&sends(400));
    assert!(
        known.iter().flatten().all(|one| one != "undefined"),
        "{known:?}"
    );
}

#[test]
fn a_generator_that_nobody_goes_through_is_run_for_the_outside() {
    gives(
        "function* g(){const x=yield outside();out('a'+1)}outside(g())",
        "a1",
    );
}

#[test]
fn dates_of_known_numbers_are_known() {
    gives(
        "out([0,-1,-62198755200001,253402300800000,Date.UTC(2024,1,29,23,59,58,7),Date.UTC(99,13)].map((t)=>new Date(t).toISOString()).join())",
        "1970-01-01T00:00:00.000Z,1969-12-31T23:59:59.999Z,-000002-12-31T23:59:59.999Z,+010000-01-01T00:00:00.000Z,2024-02-29T23:59:58.007Z,2000-02-01T00:00:00.000Z",
    );
    gives(
        "out(JSON.stringify({d:new Date(1e12),n:new Date(NaN)}))",
        "{\"d\":\"2001-09-09T01:46:40.000Z\",\"n\":null}",
    );
    gives(
        "const d=new Date(1e12);out([d.getUTCFullYear(),d.getUTCMonth(),d.getUTCDate(),d.getUTCDay(),d.getUTCHours(),d.getUTCMinutes(),d.getUTCSeconds(),d.getUTCMilliseconds()].join())",
        "2001,8,9,0,1,46,40,0",
    );
}

#[test]
fn rarer_members_are_known() {
    gives(
        "out((function(n){return n?n+arguments.callee(n-1):''})(3))",
        "321",
    );
    gives(
        "out('\\uFF41\\uFF42'.normalize('NFKC')+'e\\u0301'.normalize().length)",
        "ab1",
    );
}
