namespace Peregrine.Client.Subscriptions;

/// <summary>What a <see cref="ServerChange"/> is about.</summary>
public enum ServerChangeKind
{
    /// <summary>The list of tools is another.</summary>
    Tools,

    /// <summary>The list of prompts is another.</summary>
    Prompts,

    /// <summary>The list of resources, or of their templates, is another.</summary>
    Resources,

    /// <summary>A resource has another content.</summary>
    Resource,

    /// <summary>
    /// The subscription was interrupted and holds again. Changes in between are not told: read again what you keep.
    /// </summary>
    Resumed,
}
