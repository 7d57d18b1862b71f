using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Peregrine.Bench.Peers.Processes;
using Peregrine.Bench.Peers.Workload;

namespace Peregrine.Bench.Peers.Http;

/// <summary>Single requests with the framework's client: to see that a server is up, and that it answers rightly.</summary>
internal static class HttpProbe
{
    /// <summary>Time a server has until it accepts connections. A script that builds before it starts has it too.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>A port nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something listens on the port.</summary>
    public static void WaitUntilListening(NativeProcess process, int port)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(start) > s_patience)
                    throw new BenchException($"nothing listens; it wrote: {process.ErrorText()}");
                Thread.Sleep(10);
            }
        }
    }

    /// <summary>Posts one request and returns the JSON of its reply, taken out of the event stream where it is one.</summary>
    public static string Post(int port, HttpWorkload workload)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using var request = new HttpRequestMessage(HttpMethod.Post, HttpWorkload.UrlOn(port)) { Content = new StringContent(workload.Body, Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", Messages.VersionOf(workload.Era));
        if (workload.Era == Era.Stateless)
        {
            request.Headers.Add("Mcp-Method", workload.Method);
            if (workload.Name is { } name)
                request.Headers.Add("Mcp-Name", name);
        }

        using HttpResponseMessage response = client.Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        string body = reader.ReadToEnd();
        if (response.StatusCode != HttpStatusCode.OK)
            throw new BenchException($"status {(int)response.StatusCode}: {body}");
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? DataOf(body) : body;
    }

    private static string DataOf(string events)
    {
        const string prefix = "data:";
        string? data = events.Split('\n').LastOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal) && line.Contains("\"result\"", StringComparison.Ordinal));
        return data is null ? throw new BenchException($"no reply in the event stream: {events}") : data[prefix.Length..].Trim();
    }
}
