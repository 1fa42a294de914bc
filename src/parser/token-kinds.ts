import { tokenMatcher, type IToken, type TokenType } from 'chevrotain'

/** Whether the token is of the type, or of a type in that category. */
export const isOf = (token: IToken, type: TokenType): boolean => tokenMatcher(token, type)
