namespace Peregrine.Generators.Models;

/// <summary>What a value is in JSON and which reader takes it.</summary>
internal enum ShapeKind
{
    String,
    Boolean,
    SByte,
    Byte,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Single,
    Double,
    Decimal,
    Char,
    Guid,
    DateTime,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    TimeSpan,
    Uri,
    Bytes,
    Enum,
}
