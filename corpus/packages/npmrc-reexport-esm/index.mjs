export * from './lib/index.mjs';
export { default as version } from './lib/version.mjs';
