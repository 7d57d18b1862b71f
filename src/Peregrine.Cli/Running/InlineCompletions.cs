using System.Net;
using System.Net.Sockets;

namespace Peregrine.Cli.Running;

/// <summary>
/// Has what waited for a socket go on at once, on the thread that polls the sockets, instead of on one of the thread pool that is woken for it. For a process in which nothing that answers a request holds its thread; there
/// it saves two changes of thread for each call that is passed on. No state.
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Turns it on, unless the environment says something about it. Before the process's first socket; from then on it stays.</summary>
    internal static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            return;
        }

        // The runtime knows no other way, and reads it once, when the first socket waits. Programs that are started here must not inherit it.
        Environment.SetEnvironmentVariable(Variable, "1");
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _ = socket.ReceiveAsync(new byte[1]).IsCompleted;
        }
        catch (SocketException)
        {
            // A machine without IPv4: sockets work as ever.
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
