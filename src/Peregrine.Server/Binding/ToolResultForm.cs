namespace Peregrine.Server.Binding;

/// <summary>What a JSON value is as a tool's result.</summary>
public enum ToolResultForm
{
    /// <summary>An object: the structured content as it is.</summary>
    Object,

    /// <summary>Anything else that has a schema: the structured content is an object whose member <c>result</c> it is.</summary>
    Wrapped,

    /// <summary>Unknown beforehand: structured content where it is an object.</summary>
    Any,
}
