#!/usr/bin/env node
require('./index').check((latest) => console.error(`version ${latest} is out`));
