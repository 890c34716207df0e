using System.Net;
using System.Text;

namespace Sessiond.Pty.Tests;

public sealed class MemoryAndSocketTests
{
    [Fact]
    public void A_range_across_the_end_of_the_ring_is_contiguous()
    {
        using MirroredMemory memory = MirroredMemory.Create("test", 4096, 8192);
        Encoding.ASCII.GetBytes("0123456789", memory.Ring(8187, 10));
        Assert.Equal("56789", Encoding.ASCII.GetString(memory.Ring(8192, 5)));
        Assert.Equal("0123456789", Encoding.ASCII.GetString(memory.Ring(8187, 10)));
    }

    [Fact]
    public void A_unix_listener_has_its_mode_from_the_first_moment_and_knows_its_peer()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("sessiond-test").FullName, "s.sock");
        using ListeningSocket listener = ListeningSocket.BindUnix(path, 0x180);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using var client = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        client.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
        Assert.True(Poll.Readable(listener.Fd));
        using StreamSocket accepted = listener.Accept()!;
        Assert.Equal(Environment.ProcessId, accepted.Peer!.Value.Pid);
        Assert.Equal(UserDatabase.CurrentUid, accepted.Peer!.Value.Uid);
    }

    [Fact]
    public void T81_the_socket_of_a_dead_daemon_is_replaced_and_that_of_a_living_one_is_not()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("sessiond-test").FullName, "s.sock");
        ListeningSocket.BindUnix(path, 0x180).Dispose();
        Assert.True(File.Exists(path));
        using ListeningSocket living = ListeningSocket.BindUnix(path, 0x180);
        Assert.Throws<IOException>(() => ListeningSocket.BindUnix(path, 0x180));
    }

    [Fact]
    public void A_message_that_was_cut_is_an_error_and_leaves_no_descriptor_open()
    {
        (MessageSocket ours, MessageSocket theirs) = MessageSocket.Pair();
        using MemoryFile file = MemoryFile.Create("test");
        Assert.Equal(10, theirs.Send(new byte[10], [file.Fd]));
        var received = new List<SafeFd>();
        Assert.Throws<OsException>(() => ours.Receive(new byte[5], received));
        Assert.True(Assert.Single(received).IsClosed);
        ours.Dispose();
        theirs.Dispose();
    }

    [Fact]
    public void A_tcp_listener_on_port_zero_tells_its_port()
    {
        using ListeningSocket listener = ListeningSocket.BindTcp(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.InRange(listener.Port(), 1, 65535);
    }
}
