#!/usr/bin/env node
import { compileCore } from './code-cache.ts'

// Not `process.exit`: output to a pipe may still be on its way. That a result could not be written may be known already.
void compileCore(__dirname)
  .run()
  .main(process.argv.slice(2))
  .then((status) => (process.exitCode = status || process.exitCode))
