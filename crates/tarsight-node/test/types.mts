// Never run: the compiler checks what a program in TypeScript may write.
import tarsight, { Engine, Report, TarsightError, diff, scan, type Finding } from '../index.mjs';

const report: Report = await scan(Buffer.from('x'), { label: 'a', signal: AbortSignal.timeout(10) });
const findings: Finding[] = report.findings;
const level: 'none' | 'low' | 'medium' | 'high' | 'critical' = report.risk.level;
const install: 'call' | 'load' | undefined = findings[0]?.reach.install;
const engine = new Engine({ limits: { sites: 1, ratio: 2n }, jobs: 2 });
const gained: string | null | undefined = engine.diffSync('a', report).gained[0]?.target;
const change = await diff(new URL('file:///a'), Report.fromJSON(report.json));
const codeOf = (error: unknown): string => (error instanceof TarsightError ? error.code : '');
console.log(level, install, gained, change.risk.score, codeOf(report), tarsight.version);

// @ts-expect-error A number is no package.
await scan(3);
// @ts-expect-error Only the engine makes reports.
new Report();
// @ts-expect-error There is no such level.
const other: 'dreadful' = report.risk.level;
// @ts-expect-error A call that waits has no signal.
engine.scanSync('a', { signal: AbortSignal.abort() });
console.log(other);
