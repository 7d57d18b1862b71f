using System.Net;
using System.Net.Sockets;

namespace Peregrine.Interop.Tests.Processes;

/// <summary>Ports for programs that must be told one.</summary>
internal static class FreePort
{
    internal static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something listens there.</summary>
    internal static Task WaitUntilTakenAsync(int port) => Patience.UntilAsync(async () =>
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    });
}
