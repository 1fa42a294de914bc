#!/usr/bin/env node
import { compileCore } from './code-cache.ts'

// Not `process.exit`: output to a pipe may still be on its way.
void compileCore(__dirname)
  .run()
  .main(process.argv.slice(2))
  .then((status) => (process.exitCode = status))
