namespace Peregrine.Gateway.Configuration;

/// <summary>The kinds of JSON values.</summary>
internal enum ConfigNodeKind : byte
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}
