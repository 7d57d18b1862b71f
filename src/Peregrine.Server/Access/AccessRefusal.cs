namespace Peregrine.Server.Access;

/// <summary>Why a caller may not call a tool.</summary>
internal enum AccessRefusal
{
    /// <summary>It may.</summary>
    None,

    /// <summary>Nobody knows who it is.</summary>
    NoUser,

    /// <summary>It lacks a scope.</summary>
    LacksScope,

    /// <summary>It has none of the roles.</summary>
    LacksRole,
}
