'use strict';
const TAG = /<%([=-]?)([\s\S]+?)%>/g;

function quote(text) {
  return JSON.stringify(text);
}

function compile(template, options = {}) {
  let body = 'let out = "";\n';
  let last = 0;
  template.replace(TAG, (match, kind, code, offset) => {
    body += `out += ${quote(template.slice(last, offset))};\n`;
    body += kind === '=' ? `out += escape(${code});\n` : kind === '-' ? `out += (${code});\n` : `${code}\n`;
    last = offset + match.length;
    return match;
  });
  body += `out += ${quote(template.slice(last))};\nreturn out;`;
  const source = options.strict ? body : `with (data) {\n${body}\n}`;
  const render = new Function('data', 'escape', source);
  return (data) => render(data || {}, options.escape || String);
}

exports.compile = compile;
exports.render = (template, data) => compile(template)(data);
