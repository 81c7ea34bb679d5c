export { collect as init } from './collect.mjs';
