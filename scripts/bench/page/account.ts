// The provider's account: both its process and the tower's settings have it.

export const ACCOUNT = { sid: `AC${'0123456789abcdef'.repeat(2)}`, token: 'f'.repeat(32) }
