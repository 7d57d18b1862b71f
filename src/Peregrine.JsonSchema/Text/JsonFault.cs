namespace Peregrine.JsonSchema.Text;

/// <summary>Why a text is no JSON text that is taken.</summary>
internal enum JsonFault : byte
{
    None,
    TooLong,
    TooDeep,
    InvalidUtf8,
    UnexpectedEnd,
    UnexpectedByte,
    InvalidString,
    InvalidNumber,
    TrailingBytes,
}
