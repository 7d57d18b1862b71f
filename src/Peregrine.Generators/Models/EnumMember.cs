namespace Peregrine.Generators.Models;

/// <summary>A member of an enumeration.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Code">Its name in C#, escaped where it is a keyword.</param>
internal sealed record EnumMember(string Name, string Code);
