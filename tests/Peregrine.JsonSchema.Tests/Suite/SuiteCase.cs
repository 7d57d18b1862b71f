namespace Peregrine.JsonSchema.Tests.Suite;

/// <summary>A schema, an instance, and whether it is valid.</summary>
internal sealed record SuiteCase(string Name, byte[] Schema, byte[] Data, bool IsValid);
