using System.Text.Json;

namespace Peregrine.Client.Contracts;

/// <summary>One tool of a contract: all that the server says of it. Immutable.</summary>
public sealed class ToolContract
{
    internal ToolContract(string name, JsonElement definition)
    {
        Name = name;
        Definition = definition;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its definition, as <c>tools/list</c> has it.</summary>
    public JsonElement Definition { get; }
}
