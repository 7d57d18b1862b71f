using System.Diagnostics;
using System.Text;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Stdio;

/// <summary>The unmeasured parts of a conversation, and the measured start of a server.</summary>
internal static class StdioConversation
{
    private const int OpeningId = 1;
    private const int EchoId = 2;

    /// <summary>Time a server has for its first reply. A script that builds before it starts has it too.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Does what the era asks for before calls, makes one call whose reply is examined whole, and returns that reply as it came.</summary>
    public static string Open(NativeProcess process, LineReader replies, Era era)
    {
        using Timer watchdog = process.KillAfter(s_patience);
        if (era == Era.Session)
        {
            Send(process, Messages.Opening(era, OpeningId));
            Replies.Check(Receive(process, replies), OpeningId);
            Send(process, Messages.Initialized);
        }

        Send(process, Messages.WithId(Messages.EchoTemplate(era), EchoId));
        string reply = Receive(process, replies);
        Replies.CheckEcho(reply, EchoId);
        return reply;
    }

    /// <summary>Starts a server, asks for one echo and returns the reply with a placeholder for its id.</summary>
    public static string EchoReplyTemplate(IReadOnlyList<string> command, ReadOnlySpan<int> processors, Era era)
    {
        using NativeProcess process = NativeProcess.Start(command, processors, pipeInput: true, pipeOutput: true);
        return Replies.ToTemplate(Open(process, new LineReader(process.Output), era), EchoId);
    }

    /// <summary>Time from before the process exists to the end of its first reply, to the message a client of the era opens with.</summary>
    public static TimeSpan TimeToFirstReply(IReadOnlyList<string> command, ReadOnlySpan<int> processors, Era era)
    {
        using NativeProcess process = NativeProcess.Start(command, processors, pipeInput: true, pipeOutput: true);
        using Timer watchdog = process.KillAfter(s_patience);
        Send(process, Messages.Opening(era, OpeningId));
        string reply = Receive(process, new LineReader(process.Output));
        TimeSpan elapsed = Stopwatch.GetElapsedTime(process.StartedAt);
        Replies.Check(reply, OpeningId);
        return elapsed;
    }

    private static void Send(NativeProcess process, string message) => Descriptor.Write(process.Input, Encoding.UTF8.GetBytes(message + "\n"));

    private static string Receive(NativeProcess process, LineReader replies)
    {
        while (true)
        {
            while (replies.TryTake(out ReadOnlySpan<byte> line))
            {
                if (line.IndexOf("\"id\":"u8) >= 0)
                    return Encoding.UTF8.GetString(line);
            }

            if (!replies.Fill())
                throw new BenchException($"no reply; it wrote: {process.ErrorText()}");
        }
    }
}
