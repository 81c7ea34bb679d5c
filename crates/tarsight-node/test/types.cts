// Never run: the same from a CommonJS module.
import tarsight = require('../index.js');

const report: tarsight.Report = tarsight.scanSync(new Uint8Array(3));
const score: number = report.risk.score;
console.log(score, report.data.findings.length);
