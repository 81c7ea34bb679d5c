#!/usr/bin/env node
import { record } from '../src/telemetry.js';

await record('build', { mode: process.argv.includes('--watch') ? 'watch' : 'once' });
console.log('built');
