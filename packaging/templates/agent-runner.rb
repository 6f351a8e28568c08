class AgentRunner < Formula
  desc "Drives an LLM coding agent through a list of tasks until each is verified done"
  homepage "@HOME@"
  version "@VERSION@"
  license "Apache-2.0"

  on_macos do
    on_arm do
      url "@HOME@/releases/download/v@VERSION@/agent-runner-@VERSION@-macos-arm64.tar.gz"
      sha256 "@SHA256:agent-runner-@VERSION@-macos-arm64.tar.gz@"
    end
  end

  on_linux do
    on_intel do
      url "@HOME@/releases/download/v@VERSION@/agent-runner-@VERSION@-linux-x64.tar.gz"
      sha256 "@SHA256:agent-runner-@VERSION@-linux-x64.tar.gz@"
    end
  end

  def install
    libexec.install Dir["*"]
    bin.install_symlink libexec/"bin/agent-runner"
    bash_completion.install libexec/"share/bash-completion/completions/agent-runner"
    zsh_completion.install libexec/"share/zsh/site-functions/_agent-runner"
    fish_completion.install libexec/"share/fish/vendor_completions.d/agent-runner.fish"
  end

  test do
    assert_equal "agent-runner #{version}", shell_output("#{bin}/agent-runner --version").strip
  end
end
