namespace Peregrine.Generators.Clients;

/// <summary>A generated record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is.</param>
/// <param name="Members">Its members, those that must be there first.</param>
internal sealed record RecordShape(string Name, string Summary, IReadOnlyList<MemberShape> Members);
