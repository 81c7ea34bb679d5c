import * as tarsight from './index.js';

export * from './index.js';
export default tarsight;
