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
