using System.Collections.Immutable;
using Peregrine.Server.Completion;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>What a server offers, in the order in which its lists give it. Immutable.</summary>
internal sealed record RegistryContents
{
    /// <summary>The tools. Their names are valid and differ.</summary>
    internal ImmutableArray<McpToolHandler> Tools { get; init; } = [];

    /// <summary>The prompts. Their names differ.</summary>
    internal ImmutableArray<McpPromptHandler> Prompts { get; init; } = [];

    /// <summary>The resources. Their URIs differ.</summary>
    internal ImmutableArray<McpResourceHandler> Resources { get; init; } = [];

    /// <summary>The templates, in the order in which they are tried.</summary>
    internal ImmutableArray<McpResourceTemplateHandler> ResourceTemplates { get; init; } = [];

    /// <summary>What completes arguments of prompts and templates.</summary>
    internal ImmutableArray<ArgumentCompleter> Completers { get; init; } = [];

    /// <summary>Which lists differ from those of <paramref name="other"/>.</summary>
    internal RegistryChange DifferenceFrom(RegistryContents other) =>
        (Tools == other.Tools ? RegistryChange.None : RegistryChange.Tools)
        | (Prompts == other.Prompts ? RegistryChange.None : RegistryChange.Prompts)
        | (Resources == other.Resources && ResourceTemplates == other.ResourceTemplates ? RegistryChange.None : RegistryChange.Resources);
}
