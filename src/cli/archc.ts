#!/usr/bin/env node
import { main } from './main.ts'

// Not `process.exit`: output to a pipe may still be on its way.
process.exitCode = await main(process.argv.slice(2))
