export { ready } from './lib/hook.js';
export const range = (n) => Array.from({ length: n }, (_, i) => i);
