import { entry } from '../entry.ts'

/** E01xx: the text itself (encoding, tokens, grammar). */
export const syntax = {
  E0101: entry<{ found: string; expected: readonly string[] }>({
    title: 'unexpected token',
    message: ({ found, expected }) => `expected ${expected.join(' or ')}, found ${found}`,
  }),
} as const
