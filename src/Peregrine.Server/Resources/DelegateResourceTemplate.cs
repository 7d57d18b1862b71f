using Peregrine.Server.Tools;

namespace Peregrine.Server.Resources;

/// <summary>A family of resources read by a delegate.</summary>
internal sealed class DelegateResourceTemplate(McpResourceTemplateDefinition definition, Func<McpResourceRequest, McpCall, ValueTask<McpResourceResult>> read)
    : McpResourceTemplateHandler(definition)
{
    public override ValueTask<McpResourceResult> ReadAsync(McpResourceRequest request, McpCall call) => read(request, call);
}
