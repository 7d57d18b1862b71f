namespace Peregrine.Server.Binding;

/// <summary>What becomes of an item of a result whose items come one after the other.</summary>
public enum ToolStreamForm
{
    /// <summary>A text block with the text that it is.</summary>
    Text,

    /// <summary>A text block with its JSON.</summary>
    Value,

    /// <summary>A text block with its JSON, and an element of the structured content.</summary>
    Structured,
}
