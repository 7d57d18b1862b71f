namespace Peregrine.Generators.Clients;

/// <summary>A member of an object, or an argument of a tool.</summary>
/// <param name="JsonName">Its name on the wire.</param>
/// <param name="Name">Its name in C#, as a property.</param>
/// <param name="Type">Its type; nullable where it may be left out.</param>
/// <param name="Summary">What it means; empty where nobody says.</param>
/// <param name="IsRequired">Whether it must be there.</param>
internal sealed record MemberShape(string JsonName, string Name, TypeShape Type, string Summary, bool IsRequired);
