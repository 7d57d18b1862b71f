using Peregrine.Client.Connecting;

namespace Peregrine.Client.Pipeline;

/// <summary>Puts the steps of a client together, outermost last.</summary>
internal static class PipelineComposition
{
    internal static RequestPipeline Compose(PeregrineClientOptions options, ClientLink link)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ConnectionSender(link);
    }
}
