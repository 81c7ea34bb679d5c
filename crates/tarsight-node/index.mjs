import tarsight from './index.js';

export const { Diff, Engine, Report, TarsightError, version, scan, scanSync, diff, diffSync } =
  tarsight;
export default tarsight;
