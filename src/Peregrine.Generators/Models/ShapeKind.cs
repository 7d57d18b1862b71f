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

    /// <summary>Any JSON, in one of the forms that programs know it in.</summary>
    JsonElement,
    JsonNode,
    JsonObject,
    JsonArray,
    Raw,

    /// <summary>A value with parts, or one left to System.Text.Json.</summary>
    Composite,
}
