import { compileCore } from '../code-cache.ts'

// A thread of `archc sweep`. It runs the same bundle as the command line, and with it the same code cache.
void compileCore(__dirname).run().serveSweep()
