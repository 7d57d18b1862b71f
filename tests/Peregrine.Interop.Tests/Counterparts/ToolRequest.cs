namespace Peregrine.Interop.Tests.Counterparts;

/// <summary>A call to make.</summary>
internal sealed record ToolRequest(string Name, IReadOnlyDictionary<string, object?> Arguments)
{
    internal static ToolRequest Of(string name, params (string Name, object? Value)[] arguments) =>
        new(name, arguments.ToDictionary(static pair => pair.Name, static pair => pair.Value));
}
