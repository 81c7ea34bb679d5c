#!/usr/bin/env node
import install from './index.mjs';

console.log(install(process.argv[2]));
