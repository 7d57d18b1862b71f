namespace Peregrine.Server.Duplex;

/// <summary>A flush that may block, away from the reader.</summary>
internal sealed class FlushWork(IMessageOutput output) : IThreadPoolWorkItem
{
    public void Execute() => output.Flush();
}
