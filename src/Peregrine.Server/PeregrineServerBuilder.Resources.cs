using System.Text;
using Peregrine.Server.Completion;
using Peregrine.Server.Injection;
using Peregrine.Server.Registry;
using Peregrine.Server.Resources;
using Peregrine.Server.Resources.Files;
using Peregrine.Server.Tools;

namespace Peregrine.Server;

// Resources.
public sealed partial class PeregrineServerBuilder
{
    // Made anew for every server that is built: some keep results, which differ from server to server.
    private readonly List<Func<McpResourceHandler>> _resources = [];
    private readonly List<Func<McpResourceTemplateHandler>> _resourceTemplates = [];
    private readonly List<ArgumentCompleter> _completers = [];

    /// <summary>Adds a resource that is always the same text.</summary>
    public PeregrineServerBuilder AddResource(McpResourceDefinition definition, string text)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(text);
        var sized = definition with { Size = definition.Size ?? Encoding.UTF8.GetByteCount(text) };
        _resources.Add(() => new StaticResource(sized, McpResourceContents.FromText(definition.Uri, text, definition.MimeType)));
        return this;
    }

    /// <summary>Adds a resource that is always the same bytes, which must not change.</summary>
    public PeregrineServerBuilder AddResource(McpResourceDefinition definition, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var sized = definition with { Size = definition.Size ?? bytes.Length };
        _resources.Add(() => new StaticResource(sized, McpResourceContents.FromBytes(definition.Uri, bytes, definition.MimeType)));
        return this;
    }

    /// <summary>Adds a resource that is read anew each time.</summary>
    /// <param name="definition">What the resource is.</param>
    /// <param name="read">Reads it; called from many threads at once.</param>
    public PeregrineServerBuilder AddResource(McpResourceDefinition definition, Func<McpResourceRequest, McpCall, ValueTask<McpResourceResult>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return AddResource(new DelegateResource(definition, read));
    }

    /// <summary>Adds a resource written by hand.</summary>
    public PeregrineServerBuilder AddResource(McpResourceHandler resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        _resources.Add(() => resource);
        return this;
    }

    /// <summary>Adds a family of resources. Where several fit a URI, the first one added counts; a resource of its own goes before all of them.</summary>
    /// <param name="definition">What the family is.</param>
    /// <param name="read">Reads one of them; called from many threads at once.</param>
    public PeregrineServerBuilder AddResourceTemplate(McpResourceTemplateDefinition definition, Func<McpResourceRequest, McpCall, ValueTask<McpResourceResult>> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return AddResourceTemplate(new DelegateResourceTemplate(definition, read));
    }

    /// <summary>Adds a family of resources written by hand.</summary>
    public PeregrineServerBuilder AddResourceTemplate(McpResourceTemplateHandler template)
    {
        ArgumentNullException.ThrowIfNull(template);
        _resourceTemplates.Add(() => template);
        return this;
    }

    /// <summary>
    /// Adds the files below a folder as a family of resources, <c>files:///{+path}</c> unless the options say otherwise. They are read while they are sent, so a long one costs no memory. What lies
    /// outside the folder cannot be reached; hard links are not told from other files.
    /// </summary>
    /// <param name="folder">The folder. What it is when the server is built counts, links resolved.</param>
    /// <param name="options">Which files, and how; null for the defaults.</param>
    public PeregrineServerBuilder AddFiles(string folder, McpFilesOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        _resourceTemplates.Add(() => new FileResources(folder, options ?? McpFilesOptions.Default));
        return this;
    }

    /// <summary>Adds proposals for a variable of a template.</summary>
    /// <param name="uriTemplate">The template, as it was added.</param>
    /// <param name="variable">The variable's name.</param>
    /// <param name="complete">Gives the proposals; called from many threads at once.</param>
    public PeregrineServerBuilder AddResourceCompletion(string uriTemplate, string variable, Func<McpCompletionRequest, CancellationToken, ValueTask<McpCompletionResult>> complete)
    {
        ArgumentNullException.ThrowIfNull(complete);
        _completers.Add(new ArgumentCompleter(false, uriTemplate, variable, complete));
        return this;
    }

    private RegistryContents AddResources(RegistryContents contents, ServerServices services, List<string> faults)
    {
        List<McpResourceHandler> resources = [];
        foreach (var make in _resources)
        {
            resources.Add(make());
        }

        List<McpResourceTemplateHandler> templates = [];
        foreach (var make in _resourceTemplates)
        {
            templates.Add(make());
        }

        resources.AddRange(services.Resources);
        templates.AddRange(services.Templates);
        faults.AddRange(ResourceRules.Validate(resources, templates));
        foreach (var template in templates)
        {
            if (template is FileResources files)
            {
                faults.AddRange(files.Validate());
            }
        }

        return contents with { Resources = [.. resources], ResourceTemplates = [.. templates] };
    }
}
