namespace Peregrine.Server.Binding;

/// <summary>A service that generated code takes: for a parameter of a tool class's constructor, or of a tool's method.</summary>
/// <param name="ServiceType">Its type.</param>
/// <param name="Parameter">The name of the parameter.</param>
/// <param name="Key">The key under which it is registered; null for none.</param>
/// <param name="IsRequired">False where the parameter does without.</param>
/// <param name="Tool">The name of the tool whose method has the parameter; null for the constructor.</param>
public sealed record ToolDependency(Type ServiceType, string Parameter, object? Key = null, bool IsRequired = true, string? Tool = null);
