namespace Peregrine.Gateway.Configuration;

/// <summary>What the value of a configuration member must be.</summary>
internal enum MemberKind : byte
{
    Text,
    Integer,
    Number,
    Boolean,
    TextList,
    TextMap,
    Object,

    /// <summary>Belongs to another program that shares the file; taken and ignored.</summary>
    Foreign,
}
