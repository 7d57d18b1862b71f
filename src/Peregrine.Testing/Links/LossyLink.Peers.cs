using Peregrine.Testing.Peers;

namespace Peregrine.Testing.Links;

// A peer that misbehaves: what it sends is changed on its way.
public sealed partial class LossyLink
{
    private static readonly byte[] NoJson = [0, 0xFF, .. "{{ this is no JSON"u8, (byte)'\n'];

    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private enum Verdict
    {
        Forward,
        Done,
        Close,
    }

    /// <summary>Lets a peer go on that has stalled (<see cref="PeerFault.Stall"/>), and all that stall from now on.</summary>
    public void Resume() => _resumed.TrySetResult();

    private async Task<Verdict> MisbehaveAsync(Func<PeerMessage, PeerFault> misbehaves, PeerMessage message, byte[] line, Stream to)
    {
        switch (misbehaves(message))
        {
            case PeerFault.None:
                return Verdict.Forward;
            case PeerFault.Drop:
                return Verdict.Done;
            case PeerFault.Twice:
                await to.WriteAsync(line).ConfigureAwait(false);
                return Verdict.Forward;
            case PeerFault.WrongId:
                await to.WriteAsync((byte[])[.. message.UnderAnotherId(), (byte)'\n']).ConfigureAwait(false);
                return Verdict.Done;
            case PeerFault.Garbage:
                await to.WriteAsync(NoJson).ConfigureAwait(false);
                return Verdict.Forward;
            case PeerFault.Truncate:
                await to.WriteAsync(line.AsMemory(0, line.Length / 2)).ConfigureAwait(false);
                return Verdict.Close;
            case PeerFault.Stall:
                await to.WriteAsync(line.AsMemory(0, line.Length / 2)).ConfigureAwait(false);
                await _resumed.Task.ConfigureAwait(false);
                await to.WriteAsync(line.AsMemory(line.Length / 2)).ConfigureAwait(false);
                return Verdict.Done;
            default:
                return Verdict.Close;
        }
    }
}
