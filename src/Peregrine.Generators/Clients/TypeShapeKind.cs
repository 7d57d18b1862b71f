namespace Peregrine.Generators.Clients;

/// <summary>The kinds of JSON values that have a C# type of their own.</summary>
internal enum TypeShapeKind
{
    /// <summary>Anything: a JsonElement.</summary>
    Any,
    Text,
    Integer,
    Number,
    Boolean,
    Array,

    /// <summary>An object with known members: a generated record.</summary>
    Record,
}
