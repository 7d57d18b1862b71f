using System.Collections.Immutable;
using System.Text;
using Peregrine.Server.Pagination;
using Peregrine.Server.Prompts;
using Peregrine.Server.Resources;
using Peregrine.Server.Tools;

namespace Peregrine.Server.Registry;

/// <summary>
/// All that a server offers at one moment, and its lists as bytes. Immutable: a change makes a new one, which takes over what the change does not touch. Lists are serialised once per
/// snapshot, page and era; serving one is a copy with the id spliced in.
/// </summary>
internal sealed class RegistrySnapshot
{
    private readonly NameTable<RegisteredTool> _tools;
    private readonly NameTable<McpPromptHandler> _prompts;
    private readonly NameTable<McpResourceHandler> _resources;

    /// <summary>Makes a snapshot.</summary>
    /// <param name="contents">What it offers.</param>
    /// <param name="registered">Its tools, with what surrounds their calls, in the same order.</param>
    /// <param name="settings">How its lists are written.</param>
    /// <param name="old">The snapshot before, made with the same settings, or null.</param>
    internal RegistrySnapshot(RegistryContents contents, ImmutableArray<RegisteredTool> registered, ListSettings settings, RegistrySnapshot? old = null)
    {
        Contents = contents;
        Registered = registered;
        var touched = old is null ? RegistryChange.Tools | RegistryChange.Prompts | RegistryChange.Resources : contents.DifferenceFrom(old.Contents);
        var (tools, prompts, resources) = (touched.HasFlag(RegistryChange.Tools), touched.HasFlag(RegistryChange.Prompts), touched.HasFlag(RegistryChange.Resources));
        _tools = tools ? new NameTable<RegisteredTool>(registered.AsSpan(), static tool => tool.Handler.Definition.Name) : old!._tools;
        _prompts = prompts ? new NameTable<McpPromptHandler>(contents.Prompts.AsSpan(), static prompt => prompt.Definition.Name) : old!._prompts;
        _resources = resources ? new NameTable<McpResourceHandler>(contents.Resources.AsSpan(), static resource => resource.Definition.Uri) : old!._resources;
        ToolList = tools ? new PagedList(new ToolList(contents.Tools), settings) : old!.ToolList;
        PromptList = prompts ? new PagedList(new PromptList(contents.Prompts), settings) : old!.PromptList;
        ResourceList = resources ? new PagedList(new ResourceList(contents.Resources), settings) : old!.ResourceList;
        TemplateList = resources ? new PagedList(new ResourceTemplateList(contents.ResourceTemplates), settings) : old!.TemplateList;
    }

    internal RegistryContents Contents { get; }

    /// <summary>The tools with what surrounds their calls, in the order of <see cref="Contents"/>.</summary>
    internal ImmutableArray<RegisteredTool> Registered { get; }

    internal PagedList ToolList { get; }

    internal PagedList PromptList { get; }

    internal PagedList ResourceList { get; }

    internal PagedList TemplateList { get; }

    internal RegisteredTool? FindTool(ReadOnlySpan<byte> name) => _tools.Find(name);

    internal McpPromptHandler? FindPrompt(ReadOnlySpan<byte> name) => _prompts.Find(name);

    internal McpResourceHandler? FindResource(ReadOnlySpan<byte> uri) => _resources.Find(uri);

    /// <summary>True where a resource has this URI, or a template matches it.</summary>
    internal bool HasResource(string uri)
    {
        var bytes = Encoding.UTF8.GetBytes(uri);
        return FindResource(bytes) is not null || Contents.ResourceTemplates.Any(template => template.Template!.TryMatch(bytes, out _));
    }
}
